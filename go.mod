// The examples are packages of this module; Go tools work on them with the tags of a board.
module tinygo

go 1.24
