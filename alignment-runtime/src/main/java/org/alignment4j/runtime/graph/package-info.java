/**
 * A builder for ONNX graphs, a writer for the ONNX wire format, and symbolic reverse-mode
 * differentiation. Experimental: signatures may change between minor versions.
 */
@NullMarked
package org.alignment4j.runtime.graph;

import org.jspecify.annotations.NullMarked;
