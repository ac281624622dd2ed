/* core.c - the module "lunami.core": the one symbol that the shared object exports.
 *
 * Private to the Lua library beside it; what people call is in lua/lunami. */
#include "bind/bind.h"

#define MODULE_EXPORT __attribute__((visibility("default")))

MODULE_EXPORT int luaopen_lunami_core(lua_State *L);

int luaopen_lunami_core(lua_State *L) {
    lua_newtable(L);
    lnm_bind_open_record(L);
    lnm_bind_open_object(L);
    lnm_bind_open_session(L);
    lnm_bind_open_op(L);
    lnm_bind_open_hub(L);
    lnm_bind_open_rows(L);
    lnm_bind_open_transfer(L);
    lnm_bind_open_about(L);
    lnm_bind_open_util(L);
    return 1;
}
