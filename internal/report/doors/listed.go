package doors

import (
	"fmt"

	"arclint/internal/admission"
)

// What is listed of groups and of queues: for all doors together, and of each door
// however many doors there are. A site of thousands of doors and queues would
// otherwise have an answer as large as their product.
const maxListed, leastListed = 50_000, 3

// listed is how many groups, and how many queues, are listed of each door.
func listed(a admission.Access) int { return max(maxListed/max(len(a.Doors), 1), leastListed) }

// leftOff counts what is not listed of a door.
type leftOff struct {
	Authgroups   int `json:"authgroups"`
	QueuesOpen   int `json:"queues_open"`
	QueuesClosed int `json:"queues_closed"`
}

// leftOffOf is what is not listed of a door, nil where all is.
func leftOffOf(d admission.Door, most int) *leftOff {
	l := leftOff{Authgroups: max(len(d.Decision.Groups)-most, 0)}
	if d.Queues.Len() > most {
		for q := range d.Queues.First(most) {
			if q.Open {
				l.QueuesOpen--
			}
		}
		l.QueuesOpen += d.Queues.OpenCount()
		l.QueuesClosed = d.Queues.Len() - most - l.QueuesOpen
	}
	if l == (leftOff{}) {
		return nil
	}
	return &l
}

// notListed says that something is left off; "" where nothing is.
func notListed(a admission.Access, most int) string {
	for _, d := range a.Doors {
		if len(d.Decision.Groups) > most || d.Queues.Len() > most {
			return fmt.Sprintf("there are too many ways in, groups and queues to list all of them for each way: the first %d are, and the others are counted. arclint whoami says all of one client", most)
		}
	}
	return ""
}
