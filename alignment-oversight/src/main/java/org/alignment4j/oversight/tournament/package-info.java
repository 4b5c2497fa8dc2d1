/** Debaters who are matched against each other to be rated. */
@NullMarked
package org.alignment4j.oversight.tournament;

import org.jspecify.annotations.NullMarked;
