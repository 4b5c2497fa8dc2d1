/**
 * Streaming readers of JSONL, JSON, CSV, TSV and text files, plain or gzip, and readers and writers
 * of the data of alignment: preference pairs, rankings, unpaired labels, step labels,
 * demonstrations, prompts and documents. A broken row is an error that names file, line and field,
 * or is counted and listed; {@link org.alignment4j.core.data.Strictness} decides. Written files are
 * plain JSON lines as other tools read them, without a header of their own.
 */
@NullMarked
package org.alignment4j.core.data;

import org.jspecify.annotations.NullMarked;
