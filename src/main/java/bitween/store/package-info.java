/**
 * What outlives the process, in SQLite: transfers with their grants, metadata and resume data, when friends were seen, what they share.
 *
 * <p><b>Thread:</b> any but {@code bus}: a commit waits for the disk. {@code backup} copies. Writers queue for the one writing connection; readers do not wait for them.
 *
 * <p><b>Says, hears:</b> nothing on the bus. Whoever changes the store publishes the event once the call has returned, so nobody hears of what may yet
 * be rolled back.
 *
 * <p><b>Why it is so:</b> what the user was told is kept is committed with {@code synchronous=FULL}; what can be had again (resume data, last seen,
 * friends' lists) with NORMAL, which loses at worst the last commits with the power, never the file. Rows are changed by UPSERT, never deleted to be
 * inserted again. Scripts in {@code db/} are listed by name in {@link bitween.store.Schema}: a jar has no directories to list, and a test compares. One
 * file of a process of one's own would need no lock against others; SQLite has one all the same, so a second daemon is told. Each file that was closed has a checksum beside it, because SQLite
 * has none: a flipped bit in a grant would be another person's. Backups are whole files made by {@code VACUUM INTO}, beside which a writer goes on. Nothing
 * that is damaged is deleted. The first bitween's database is read here too ({@link bitween.store.OriginalDatabase}), because SQLite lives nowhere else; it is
 * a file of foreign text, so its rows are read one at a time, with a limit on each.
 */
@NullMarked
package bitween.store;

import org.jspecify.annotations.NullMarked;
