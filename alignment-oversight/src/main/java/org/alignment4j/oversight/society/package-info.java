/**
 * Models that answer questions together: multi-agent debate with a vote (Du et al. 2023), debate
 * before a moderator (Liang et al. 2023), and what the same number of calls is worth without them.
 */
@NullMarked
package org.alignment4j.oversight.society;

import org.jspecify.annotations.NullMarked;
