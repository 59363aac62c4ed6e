//! One module per flash protocol: plan, print with -x, execute.
