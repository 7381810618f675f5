package bot

// Finding is one thing that is wrong, or could be better, in how Luotsi is installed: a sentence on what it is and one on what
// to do. It holds no secret and nothing of any case.
type Finding struct {
	Level Level
	What  string
	Fix   string
}

// Level says how bad a Finding is.
type Level string

// The levels of a Finding.
const (
	Fault Level = "error" // Luotsi does not work, or does not protect what it must
	Hint  Level = "hint"  // it works, and an administrator should know
)
