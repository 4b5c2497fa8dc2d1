/**
 * Results to read: one self-contained HTML file composed of sections, and aligned tables and
 * progress for the console. Reports need no network and no scripts, and no text in them can act as
 * markup.
 */
@NullMarked
package org.alignment4j.core.report;

import org.jspecify.annotations.NullMarked;
