/**
 * Refusals: of requests that are safe and of those that are not (XSTest), told by string and by
 * judge, and how far these agree with each other and with people.
 */
@NullMarked
package org.alignment4j.eval.refusal;

import org.jspecify.annotations.NullMarked;
