package certificate

import "testing"

// BenchmarkRead reads each certificate of the IGTF distribution and of the
// system once.
func BenchmarkRead(b *testing.B) {
	list := realCertificates(b)
	b.ReportAllocs()
	for b.Loop() {
		for _, der := range list {
			if _, _, err := Read(der); err != nil {
				b.Fatal(err)
			}
		}
	}
}
