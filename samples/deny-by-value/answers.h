/* What the BPF program counts, and what it compares with: shared with the program that loads it. */
#ifndef ANSWERS_H
#define ANSWERS_H

/* A value of the field trust; map.yaml says what the others mean. */
enum { UNTRUSTED = 1 };

/* Elements of the map "answers". */
enum { ASKED, DENIED, ANSWERS };

#endif
