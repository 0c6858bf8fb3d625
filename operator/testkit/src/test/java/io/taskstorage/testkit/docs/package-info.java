/**
 * What the pages of the repository name is there: files, headings, tests. Reading order: {@code
 * Page} (the text), {@code LinkCheck} and {@code TestNameCheck} (what is wrong with it), {@code
 * TestSources} (which tests there are).
 */
@NullMarked
package io.taskstorage.testkit.docs;

import org.jspecify.annotations.NullMarked;
