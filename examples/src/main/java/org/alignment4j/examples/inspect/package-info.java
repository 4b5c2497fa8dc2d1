/** A look inside a model: where one behaviour comes from, as a page with pictures. */
@NullMarked
package org.alignment4j.examples.inspect;

import org.jspecify.annotations.NullMarked;
