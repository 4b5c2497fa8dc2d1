/** Transcripts to read: question, turns, checked quotes, reasons, verdict against the truth. */
@NullMarked
package org.alignment4j.oversight.transcript;

import org.jspecify.annotations.NullMarked;
