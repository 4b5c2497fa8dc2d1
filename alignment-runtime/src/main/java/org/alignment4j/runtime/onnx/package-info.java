/**
 * Models as ONNX files: decoders written for other runtimes, and models of other libraries read.
 */
@NullMarked
package org.alignment4j.runtime.onnx;

import org.jspecify.annotations.NullMarked;
