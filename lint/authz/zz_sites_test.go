package authz_test
import ("testing";"path/filepath";"arclint/fixtures";"arclint/lint";"arclint/lint/authz")
func TestSites(t *testing.T){
 dirs,_:=filepath.Glob("../../fixtures/sites/*/site.txt")
 for _,d:=range dirs { d=filepath.Dir(d)
  f,err:=fixtures.LoadSite(d); if err!=nil {t.Log(d,err);continue}
  for _,x:=range lint.Run(load(t,f),authz.Rules).Findings { t.Logf("%s: %s: %s",filepath.Base(d),x.Rule,text(x)) }
 }
}
