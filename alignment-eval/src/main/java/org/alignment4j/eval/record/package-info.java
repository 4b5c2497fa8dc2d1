/** What an evaluation keeps on disk: a line for each sample that was finished. */
@NullMarked
package org.alignment4j.eval.record;

import org.jspecify.annotations.NullMarked;
