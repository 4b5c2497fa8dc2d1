/** Who plays the roles of protocols: models, models that choose among drafts, and people. */
@NullMarked
package org.alignment4j.oversight.agent;

import org.jspecify.annotations.NullMarked;
