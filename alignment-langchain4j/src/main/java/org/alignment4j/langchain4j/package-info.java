/** LangChain4j chat models as Alignment4J language models, and the reverse. */
@NullMarked
package org.alignment4j.langchain4j;

import org.jspecify.annotations.NullMarked;
