/**
 * LangChain4j chat models as language models of this library with errors, usage and waits mapped,
 * models of this library as LangChain4j chat models, and guardrails for LangChain4j services whose
 * verdicts come from judges.
 */
@NullMarked
package org.alignment4j.langchain4j;

import org.jspecify.annotations.NullMarked;
