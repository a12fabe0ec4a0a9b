/**
 * Sees when the files of shares are changed, moved or deleted.
 *
 * <p><b>Thread:</b> {@code watch}, and one of the JDK's own that reads what inotify tells.
 *
 * <p><b>Says:</b> FilesChanged. <b>Hears:</b> TransfersLoaded, TransferChanged, TransferRemoved.
 *
 * <p><b>Why it is so:</b> what counts is a slow look at every file, because inotify tells nothing of network disks, of what is unplugged, and of what happened while
 * the daemon was away; inotify only makes the look come sooner. So a system that allows few watches, or none, costs no more than some seconds. What a change
 * means, this room does not decide: whoever seeds looks again and reads, and may find that nothing happened but {@code touch}.
 *
 * <p>At a start all shares are looked at: their rows are read many at a time ({@link bitween.watch.RowsAhead}), and the system is told of a folder once, however many shares are in it.
 */
@NullMarked
package bitween.watch;

import org.jspecify.annotations.NullMarked;
