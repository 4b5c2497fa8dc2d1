/**
 * People in any role, asked on a console or by files: as agents and judges, and as models in every
 * role that a model can play.
 */
@NullMarked
package org.alignment4j.oversight.human;

import org.jspecify.annotations.NullMarked;
