/**
 * A weak judge advised by those who know more: debate, consultancy, and the judge alone for
 * comparison.
 */
@NullMarked
package org.alignment4j.oversight.debate;

import org.jspecify.annotations.NullMarked;
