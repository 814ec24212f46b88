/* Exports nothing that a host looks for. */
int fixture_main(void) { return 0; }
