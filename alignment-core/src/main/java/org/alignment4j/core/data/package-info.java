/**
 * Streaming readers of JSONL, JSON, CSV and TSV files, plain or gzip, and of the data formats of
 * alignment: preference pairs and demonstrations. A broken row is an error that names file, line
 * and field, or is counted and listed; {@link org.alignment4j.core.data.Strictness} decides.
 */
@NullMarked
package org.alignment4j.core.data;

import org.jspecify.annotations.NullMarked;
