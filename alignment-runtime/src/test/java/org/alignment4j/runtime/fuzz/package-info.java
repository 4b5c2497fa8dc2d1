/**
 * Damaged files of every kind that the libraries read, those of {@code alignment-core} included:
 * this is the lowest module that sees all loaders, so that there is one harness.
 */
package org.alignment4j.runtime.fuzz;
