module arclint

go 1.25.0
