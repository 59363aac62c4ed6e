//! SVD and ATDF files to Go register packages, vector tables and memory maps.
