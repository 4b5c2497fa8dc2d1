/** Hugging Face folders: configuration, safetensors, and the weights in memory. */
@NullMarked
package org.alignment4j.runtime.checkpoint;

import org.jspecify.annotations.NullMarked;
