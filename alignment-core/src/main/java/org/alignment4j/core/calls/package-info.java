/**
 * Many calls of a model that may be slow, throttled or broken: bounded adaptive concurrency,
 * retries, budgets and failure policies around one function. A failed call is a value, never a
 * number.
 */
@NullMarked
package org.alignment4j.core.calls;

import org.jspecify.annotations.NullMarked;
