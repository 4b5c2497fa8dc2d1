/** The pocket model's solutions judged by models of their steps and of their outcomes. */
@NullMarked
package org.alignment4j.examples.process;

import org.jspecify.annotations.NullMarked;
