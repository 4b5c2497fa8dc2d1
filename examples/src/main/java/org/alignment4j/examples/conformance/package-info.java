/** Runs every reference case of a folder and compares with its numbers. */
@NullMarked
package org.alignment4j.examples.conformance;

import org.jspecify.annotations.NullMarked;
