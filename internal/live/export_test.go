package live

// ServeWithin is Serve with another patience.
var ServeWithin = serve

// MaxFromOne is how many connections one address may hold.
const MaxFromOne = maxFromOne
