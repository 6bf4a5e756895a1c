#ifndef POWER_CUT_H
#define POWER_CUT_H

/// Plays a disk that keeps only what was synced, for all files in one folder, and cuts the power.
///
/// Whoever links this gets the file calls of PowerCut.c instead of the C library's, and so do the libraries it uses. They work as ever; beside
/// them a record is kept of what a disk would be bound to hold: contents of a file as of its last sync, names as of the last sync of their
/// folder. At the `after`-th change the process kills itself, having written to `twin` what the disk held, and of everything not synced a
/// random part: whole writes, single sectors of 512 bytes, new and removed names.
void power_cut_after(const char *folder, const char *twin, unsigned long after, unsigned seed);

#endif
