#!/usr/bin/env bash
# Functions that have no length, no error, or a hidden state.
cd "$(dirname "$0")/../.." || exit 1
! grep -nE '\b(strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|atof|strtok|alloca|system|popen|tmpnam|mktemp|rand|srand)\(' runtime/*/*.[ch] tools/*.c
