/* answer.h - an answer on its way out. Both give back what the handler of libmicrohttpd returns. */
#ifndef LUNAMI_CLOUD_ANSWER_H
#define LUNAMI_CLOUD_ANSWER_H

#include "cloud/queue.h"

#include <microhttpd.h>

/* What a talk has come to: sent, cut, sent in halves, or the connection reset. */
LNM_API enum MHD_Result lnm_answer_talk(struct lnm_talk *x);
/* A line for what is no request of AWS's; the text is moved. */
LNM_API enum MHD_Result lnm_answer_text(struct MHD_Connection *connection, int status,
                                        struct lnm_buf *text);

#endif
