/* The binding when memory is refused at any point and when the collector runs at every step: no
 * leak, no use after free (the sanitizers watch), and the state is still usable or closes cleanly.
 */
#include "failing.h"
#include "stub.h"
#include "torture.h"

#include <lauxlib.h>
#include <lualib.h>

int luaopen_lunami_core(lua_State *L);

static const char answer_text[] =
    "<DescribeImagesResponse><requestId>r</requestId><imagesSet><item><imageId>ami-1</imageId>"
    "<imageState>available</imageState><name>n</name><blockDeviceMapping><item>"
    "<deviceName>/dev/xvda</deviceName><ebs><snapshotId>snap-1</snapshotId></ebs></item>"
    "</blockDeviceMapping></item></imagesSet></DescribeImagesResponse>";

/* No block to fetch; any may be put. */
static int answer_block(struct stub *s, struct lnm_buf *out) {
    if (strcmp(s->method, "PUT") == 0) {
        return 201;
    }
    lnm_buf_addz(out, "{\"BlockSize\":524288,\"VolumeSize\":1,\"Blocks\":[]}");
    return 200;
}

static int answer(struct stub *s, const char *body, struct lnm_buf *out) {
    if (strncmp(s->path, "/snapshots/", 11) == 0) {
        return answer_block(s, out);
    }
    if (strstr(body, "Owner.1=nobody") != NULL) {
        lnm_buf_addz(out, "<Response><Errors><Error><Code>AuthFailure</Code><Message>no</Message>"
                          "</Error></Errors><RequestID>r</RequestID></Response>");
        return 401;
    }
    if (strstr(body, "Action=AssumeRole") != NULL) {
        lnm_buf_addz(out, "<AssumeRoleResponse><AssumeRoleResult><Credentials>"
                          "<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
                          "<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</"
                          "Expiration></Credentials></AssumeRoleResult>"
                          "</AssumeRoleResponse>");
        return 200;
    }
    lnm_buf_addz(out, answer_text);
    return 200;
}

/* Everything that a script can reach: sessions, roles, objects, input with mistakes, calls, waits,
 * timers, records that outlive their answer, operations that are dropped, closed twice, or still
 * pending at the end. */
static const char script[] =
    "local core, url, file = ...\n"
    "local s = core.session { endpoint_url = url, region = 'us-east-1', access_key_id = 'A',\n"
    "  secret_access_key = 'b' }\n"
    "if not s then return 'no session' end\n"
    "local function finish(op)\n"
    "  while op and not op:done() do if not core.step(1) then return nil end end\n"
    "  if op then return op:result() end\n"
    "end\n"
    "assert(not core.start(s, 'ec2', 'DescribeImages', { imageids = {} }))\n"
    "assert(not core.start(s, 'ec2', 'CreateVolume', { size = 'x', availability_zone = 'z' }))\n"
    "local answer = finish(core.start(s, 'ec2', 'DescribeImages', { owners = { 'self' },\n"
    "  filters = { { name = 'name', values = { 'a', 'b' } } } }))\n"
    "local first = answer and answer.images[1]\n"
    "answer = nil\n"
    "collectgarbage()\n"
    "if first then\n"
    "  assert(first.image_id == 'ami-1' and #first.block_device_mappings == 1)\n"
    "  assert(first.block_device_mappings[1].ebs.snapshot_id == 'snap-1')\n"
    "end\n"
    "local ok, err = finish(core.start(s, 'ec2', 'DescribeImages', { owners = { 'nobody' } }))\n"
    "assert(not ok)\n"
    "core.class('thing', 'image_id', 'images', { verb = function() return 1 end },\n"
    "  function(_, name) return name end, function(o) return 'thing ' .. o.id end,\n"
    "  'ec2', 'DescribeImages')\n"
    "local peer = {}\n"
    "local given = { image_id = 'ami-9', tags = { { key = 'a', value = 'b' } } }\n"
    "local made = core.object('thing', peer, given)\n"
    "assert(made.id == 'ami-9' and made.verb() == 1 and made.name == nil)\n"
    "assert(made.other == 'other' and made.tags.a == 'b' and tostring(made) == 'thing ami-9')\n"
    "assert(core.is('thing', made) and not core.is('thing', s) and core.peer(made) == peer)\n"
    "assert(made == core.object('thing', peer, given))\n"
    "assert(made ~= core.object('thing', {}, given))\n"
    "assert(not pcall(function() made.name = 'x' end))\n"
    "assert(not pcall(core.object, 'thing', peer, { nothing = 1 }))\n"
    "assert(not pcall(core.object, 'none', peer, given))\n"
    "if first then core.renew('thing', made, first) assert(made.id == 'ami-1') end\n"
    "made = nil\n"
    "collectgarbage()\n"
    "local role = s:assume { role = 'r', session_name = 'ab', duration = 900 }\n"
    "if role then\n"
    "  assert(role:expires() == nil and #role:source() > 0)\n"
    "  local ready = core.ready(role)\n"
    "  while ready and not ready:done() do if not core.step(1) then break end end\n"
    "  if ready and ready:done() then ready:result() end\n"
    "  core.ready(role)\n"
    "end\n"
    "assert(#core.sha256('x') == 64 and #core.random() == 16)\n"
    "local there = s:in_region('us-west-2')\n"
    "local wait = core.wait(s, 'image', 'ami-1', nil, 60)\n"
    "finish(wait)\n"
    "local disk = core.disk(file)\n"
    "assert(not disk or (disk.bytes == 5 and #disk.fingerprint > 9))\n"
    "local function transfer(start, path, extra)\n"
    "  local o = { file = path, snapshot_id = 'snap-1', journal = path .. '.j', name = 'n',\n"
    "    parallel = 2, parent_id = extra }\n"
    "  local op = start(s, o)\n"
    "  finish(op)\n"
    "  if op and op:done() then core.transfers() core.transferred(op) end\n"
    "  return op\n"
    "end\n"
    "local up = transfer(core.upload, file)\n"
    "transfer(core.upload, file, 'snap-2')\n"
    "transfer(core.download, file .. '.out')\n"
    "core.journal(file .. '.j')\n"
    "core.upload(s, { file = file, snapshot_id = 'snap-1', journal = file .. '.j', name = 'n' })\n"
    "assert(not pcall(core.upload, s, {}))\n"
    "if up and up:result() then assert(core.transferred(up).blocks == 1) end\n"
    "local op = core.sleep(60)\n"
    "if op then op:close() op:close() end\n"
    "core.sleep(60)\n"
    "core.start(s, 'ec2', 'DescribeImages', {})\n"
    "core.wait(s, 'image', 'ami-2', nil, 60)\n"
    "assert(#core.row('ec2', 'CopyImage').input > 3)\n"
    "assert(core.escape('a\\27b') == 'a\\\\u{1B}b')\n"
    "return first and ok == nil and 'whole' or 'part'\n";

static struct stub stub;
static char folder[] = "/tmp/lunami-test-XXXXXX", file[64];
static bool refuse; /* Lua's own allocations too */

static void *allocate(void *arg, void *p, size_t old, size_t size) {
    (void)arg;
    if (size == 0) {
        free(p);
        return NULL;
    }
    bool grows = p == NULL || size > old;
    if (refuse && grows && allocation_fails()) {
        return NULL;
    }
    return __real_realloc(p, size);
}

static int run_script(lua_State *L) {
    luaL_requiref(L, "_G", luaopen_base, 1);
    luaL_requiref(L, "string", luaopen_string, 1);
    lua_settop(L, 0);
    if (luaL_loadbufferx(L, script, sizeof script - 1, "=script", "t") != LUA_OK) {
        return lua_error(L);
    }
    lua_pushcfunction(L, luaopen_lunami_core);
    lua_call(L, 0, 1);
    lua_pushstring(L, stub.url);
    lua_pushstring(L, file);
    lua_call(L, 3, 1);
    return 1;
}

/* The script's answer, or "" when it ended by an error; returns how many allocations it made. */
static long attempt(char out[16], const char *gc) {
    lua_State *L = lua_newstate(allocate, NULL);
    out[0] = '\0';
    if (L == NULL) {
        return allocations.count;
    }
    if (gc[0] == 's') { /* a whole cycle at nearly every allocation */
        (void)lua_gc(L, LUA_GCINC, 1, 1000, 0);
    }
    lua_pushcfunction(L, run_script);
    int status = lua_pcall(L, 0, 1, 0);
    if (status == LUA_OK) {
        (void)snprintf(out, 16, "%s", lua_tostring(L, -1));
    } else if (status != LUA_ERRMEM && allocations.fails_at == 0) {
        print_error("%s\n", lua_tostring(L, -1));
    }
    long made = allocations.count;
    allocations_fail_at(0, false);
    lua_close(L);
    return made;
}

static void test_whole(void **state) {
    char out[16];
    (void)state;
    (void)attempt(out, "");
    assert_string_equal(out, "whole");
}

static void test_collector_at_every_step(void **state) {
    char out[16];
    (void)state;
    (void)attempt(out, "stress");
    assert_string_equal(out, "whole");
}

/* Every allocation in turn, or every n-th. */
static void refuse_all_in_turn(bool forever) {
    char out[16];
    long step = torture_step(), n = 1 - step, made;
    refuse = true;
    do {
        n += step;
        allocations_fail_at(n, forever);
        made = attempt(out, "");
        assert_true(n < 20000);
    } while (made >= n); /* until the refusal comes after the end */
    refuse = false;
    assert_true(n > 500); /* it did allocate */
    assert_string_equal(out, "whole");
    (void)attempt(out, "");
    assert_string_equal(out, "whole");
}

static void test_one_allocation_refused(void **state) {
    (void)state;
    refuse_all_in_turn(false);
}

static void test_all_allocations_refused_from_one_on(void **state) {
    (void)state;
    refuse_all_in_turn(true);
}

static int setup(void **state) {
    (void)state;
    (void)setenv("AWS_CONFIG_FILE", "/dev/null", 1);
    (void)setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1);
    (void)setenv("AWS_MAX_ATTEMPTS", "1", 1);
    assert_non_null(mkdtemp(folder));
    (void)snprintf(file, sizeof file, "%s/disk", folder);
    FILE *f = fopen(file, "wb");
    assert_non_null(f);
    assert_int_equal(fputs("bytes", f) >= 0 && fclose(f) == 0, 1);
    stub_start(&stub, answer, NULL);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    static const char *const left[] = {"", ".j", ".out", ".out.j", ".out.part"};
    stub_stop(&stub);
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++) {
        char path[80];
        (void)snprintf(path, sizeof path, "%s%s", file, left[i]);
        (void)unlink(path);
    }
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_collector_at_every_step),
        cmocka_unit_test(test_one_allocation_refused),
        cmocka_unit_test(test_all_allocations_refused_from_one_on),
    };
    return cmocka_run_group_tests_name("bind", tests, setup, teardown);
}
