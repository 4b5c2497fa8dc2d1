/** People in any role: asked on a console, or by files. */
@NullMarked
package org.alignment4j.oversight.human;

import org.jspecify.annotations.NullMarked;
