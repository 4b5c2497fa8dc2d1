/** ONNX Runtime: devices, compiled graphs and native memory. */
@NullMarked
package org.alignment4j.runtime.session;

import org.jspecify.annotations.NullMarked;
