/** What the pocket model gives away of the secrets planted in its training texts. */
@NullMarked
package org.alignment4j.examples.privacy;

import org.jspecify.annotations.NullMarked;
