package authz_test
import ("testing";"strings";"fmt";"time";"arclint/fixtures";"arclint/lint";"arclint/lint/authz";"arclint/internal/rootfs")
func TestBig(t *testing.T){
 for k,gen := range map[string]func(*strings.Builder){
 "groups": func(b *strings.Builder){ for i:=range 2400 {fmt.Fprintf(b,"[authgroup:g%d]\nauthgroup=g%d\n",i,i-1)}; b.WriteString("[mapping]\n"); for i:=range 2400 {fmt.Fprintf(b,"map_to_user=h%d u\n",i)}; b.WriteString("[arex/ws/jobs]\n"); for i:=range 2400 {fmt.Fprintf(b,"allowaccess=x%d\n",i)}},
 "chain": func(b *strings.Builder){ for i:=range 2400 {fmt.Fprintf(b,"[authgroup:g%d]\nauthgroup=g%d\n",i,i-1)}; b.WriteString("[mapping]\n"); for i:=range 2400 {fmt.Fprintf(b,"map_to_user=g%d u\n",i)}; b.WriteString("[arex/ws/jobs]\n"); for i:=range 1200 {fmt.Fprintf(b,"allowaccess=g%d\n",i)}; b.WriteString("[queue:a]\n"); for i:=range 1200 {fmt.Fprintf(b,"allowaccess=g%d\n",i)}},
 "rules": func(b *strings.Builder){ b.WriteString("[authgroup:a]\n"); for i:=range 9000 {fmt.Fprintf(b,"authtokens=s%d https://cilogon.org/dun%d https://x%d.example.org * *\n",i,i,i)}},
 "gen": func(b *strings.Builder){ b.WriteString("[authgroup:a]\n"); for range 200 { b.WriteString("authtokensgen="+strings.Repeat("(a=b)&",250)+"(c=d)\n")}},
 "long": func(b *strings.Builder){ b.WriteString("[arex/ws/jobs]\nallowaccess="+strings.Repeat("a,b ",9000)+"\n")},
 "bang": func(b *strings.Builder){ b.WriteString("[authgroup:a]\nauthtokensgen="+strings.Repeat("!",400000)+"\nsubject=/"+strings.Repeat("/a=",300000)+"\n")},
 } {
 f,_:=fixtures.Base("7.2.0"); var b strings.Builder; b.WriteString("[common]\nhostname=ce.example.org\n"); gen(&b)
 if err := f.Tree.(*rootfs.Mem).WriteFile("/etc/arc.conf",[]byte(b.String()),0o644); err!=nil{t.Fatal(err)}
 s:=load(t,f)
 for _,r := range authz.Rules { at:=time.Now(); n:=len(lint.Check(s,r).Findings()); if d:=time.Since(at); d>200*time.Millisecond {t.Log(k,r.ID,n,d)} }
 }
}
