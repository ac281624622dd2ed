/* door.c - a listening socket that is shut down (Linux) takes no connections, and listens again
 * when it is told to; its port, when the kernel had chosen it, must be taken anew. */
#include "cloud/door.h"

#include "base/clock.h"
#include "base/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/socket.h>

static int listener(const struct lnm_cloud *c) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(c->daemon, MHD_DAEMON_INFO_LISTEN_FD);
    return info != NULL ? info->listen_fd : -1;
}

void lnm_door_shut(struct lnm_cloud *c, int64_t duration_us) {
    if (shutdown(listener(c), SHUT_RD) == 0) {
        c->shut_until_us = lnm_real_us() + duration_us;
    }
}

static void open_again(struct lnm_cloud *c) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(c->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = listener(c);
    (void)bind(fd, (struct sockaddr *)&address,
               sizeof address); /* refused when it is still bound */
    if (listen(fd, SOMAXCONN) < 0) {
        lnm_log(LNM_LOG_WARN, "the local cloud cannot listen again: %s", strerror(errno));
    }
    c->shut_until_us = 0;
}

int lnm_door_look(struct lnm_cloud *c) {
    int64_t left_us = c->shut_until_us - lnm_real_us();
    if (c->shut_until_us != 0 && left_us <= 0) {
        open_again(c);
    }
    return c->shut_until_us == 0 ? -1 : left_us < 10000 ? (int)(left_us / 1000) + 1 : 10;
}
