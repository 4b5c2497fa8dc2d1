/**
 * Streaming readers of JSONL, JSON, CSV, TSV and text files, plain or gzip, and readers and writers
 * of the data formats of alignment: preference pairs, rankings, unpaired and stepwise labels,
 * demonstrations, prompts and documents. A broken row is an error that names file, line and field,
 * or is counted and listed; {@link org.alignment4j.core.data.Strictness} decides.
 */
@NullMarked
package org.alignment4j.core.data;

import org.jspecify.annotations.NullMarked;
