/**
 * What the user wants (bitween.toml) and where things are kept.
 *
 * <p><b>Thread:</b> any; values, read once at start.
 *
 * <p><b>Why it is so:</b> a key that is not understood is an error, not a warning: a misspelt limit is no limit. The keys are named once, where they are
 * read ({@link bitween.config.ConfigFile}); the commented sample in conf/ is what {@code bitween init} fills in, and a test proves that it names every
 * key with its default. Daemon and command line find each other by {@link bitween.config.Homes} alone.
 */
@NullMarked
package bitween.config;

import org.jspecify.annotations.NullMarked;
