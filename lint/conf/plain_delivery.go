package conf

import (
	"strings"

	"arclint/internal/site"
	"arclint/lint"
)

var plainDelivery = &lint.Rule{
	ID:    "conf/plain-delivery",
	Title: "Credentials go to a data delivery service without TLS",
	Why: "A-REX delegates the credentials of a job to the data delivery service that fetches its files. Over http, whoever is between the two hosts can read them " +
		"and change the files. The service answers every host whose address allowed_ip names.",
	Source:   "arc.conf.reference [arex/data-staging] deliveryservice, [datadelivery-service] secure, allowed_ip; src/libs/data-staging/DataDeliveryRemoteComm.cpp SetupDelegation",
	Impact:   lint.Intrusion,
	Risk:     lint.Moderate,
	Severity: lint.Warning,
	Effect:   "Whoever can read the connection can use these credentials.",
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Give the host of the service a host certificate, and remove secure=no there.
Write https on the CE:

    [arex/data-staging]
    deliveryservice=https://delivery.example.org:443/datadeliveryservice

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, o := range unique(s.Conf.Block("arex/data-staging").All("deliveryservice")) {
			if strings.HasPrefix(strings.ToLower(o.Value.Text), "http://") {
				r.At(o.Value.Span, "credentials of jobs go to this data delivery service without TLS").
					Do("Write https here, and give the service a host certificate.").About(o.Value.Text)
			}
		}
		if o := s.Conf.Block("datadelivery-service").First("secure"); o != nil && o.Value.Text == "no" {
			r.At(o.Value.Span, "this data delivery service accepts credentials of jobs without TLS").
				Do("Remove the line, and write https in deliveryservice on the CE.").About("secure")
		}
	},
}
