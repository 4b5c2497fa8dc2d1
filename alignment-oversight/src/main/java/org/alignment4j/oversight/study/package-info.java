/** What oversight is worth: the same questions under several arms, with intervals and tests. */
@NullMarked
package org.alignment4j.oversight.study;

import org.jspecify.annotations.NullMarked;
