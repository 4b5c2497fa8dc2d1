/**
 * What long work has finished, appended to a file and found again by content: a run that was killed
 * goes on where it stopped, and no model is asked the same thing twice.
 */
@NullMarked
package org.alignment4j.core.journal;

import org.jspecify.annotations.NullMarked;
