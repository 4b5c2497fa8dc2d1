/** The pocket model as debaters, consultant and judge on passages the judge does not see. */
@NullMarked
package org.alignment4j.examples.oversee;

import org.jspecify.annotations.NullMarked;
