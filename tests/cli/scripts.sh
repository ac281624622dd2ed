#!/usr/bin/env bash
# The recipes of scripts/: their length, the calls that change something, and what they show. TAP.
cd "$(dirname "$0")/../.." || exit 1
. tests/cli/lib/tap.sh
# run SCRIPT ARGUMENTS...: on a new local cloud; its output, and the calls that change something
run() {
    local script=scripts/$1.lua
    shift
    timeout 120 "$lunami" run --local --instant --verbose "$script" "$@" >"$work/out" 2>"$work/err"
    local status=$?
    grep -oE ' (ebs|ec2|kms|sts) [A-Za-z]+: [0-9]+' "$work/err" | grep -vE ' (Describe|Get|List)' |
        sed -E 's/ (ebs|ec2|kms|sts) ([A-Za-z]+): 20[0-9]/\2/' | sort | uniq -c | awk '{print $2 "*" $1}' | paste -sd' ' >"$work/calls"
    return $status
}
calls() { [ "$(cat "$work/calls")" = "$1" ]; }
# device DEVICE ENCRYPTED ALIAS COUNT: lines of the cards
device() { [ "$(grep -cE "^$1 +snap-[0-9a-f]+ +[0-9]+ GiB +$2 +$3 " "$work/out")" = "$4" ]; }
shows() { grep -qE -- "$1" "$work/out"; }
# Half of the shortest of the same jobs in bash, boto3, Packer and Ansible: 9, 9, 15, 15, 10, 21 and 24 lines.
short() { [ "$(grep -cvE '^\s*(--|$)' "scripts/$1.lua")" -le "$2" ]; }

ok "1: half as long as the shortest" short 1-copy 4
ok "1: runs" run 1-copy
ok "1: one call" calls "CopyImage*1"
ok "1: the plain root stays plain" device /dev/xvda no - 1
ok "1: the encrypted data keeps its key" device /dev/sdf yes alias/two 1
ok "2: half as long as the shortest" short 2-copy-encrypted-root 4
ok "2: runs" run 2-copy-encrypted-root
ok "2: one call" calls "CopyImage*1"
ok "2: the root keeps its key" device /dev/xvda yes alias/one 1
ok "3: half as long as the shortest" short 3-encrypt 7
ok "3: runs" run 3-encrypt
ok "3: one call" calls "CopyImage*1"
ok "3: both under the key" device '/dev/[a-z]+' yes alias/golden 2
ok "3: with the default key" run 3-encrypt --key default
ok "3: both under the default key" device '/dev/[a-z]+' yes alias/aws/ebs 2
ok "3b: half as long as the shortest" short 3b-reencrypt 7
ok "3b: runs" run 3b-reencrypt --regions us-east-1,eu-west-1
ok "3b: one call a region" calls "CopyImage*2"
ok "3b: under each region's key" device /dev/xvda yes alias/two 2
ok "3b: in both regions" shows 'web-reencrypted  available  eu-west-1'
ok "3b: a key that cannot be used fails before anything is sent" bash -c "! '$lunami' run --local --instant --verbose scripts/3b-reencrypt.lua --key alias/retired >'$work/out' 2>'$work/err' && ! grep -q CopyImage '$work/err'"
ok "4: half as long as the shortest" short 4-create-image 5
ok "4: runs" run 4-create-image
ok "4: one call" calls "CreateImage*1"
ok "4: the root's snapshot under its volume's key" device /dev/xvda yes alias/one 1
ok "5: half as long as the shortest" short 5-three-keys 10
ok "5: runs" run 5-three-keys
ok "5: the steps of AWS's page, and its scratch is removed" calls "AttachVolume*2 CreateImage*1 CreateVolume*2 DeleteVolume*2 RunInstances*1 TerminateInstances*1"
for pair in xvda:one sdf:two sdg:three; do
    ok "5: /dev/${pair%:*} under alias/${pair#*:}" device "/dev/${pair%:*}" yes "alias/${pair#*:}" 1
done
ok "5b: half as long as the shortest" short 5b-three-keys-copy 12
ok "5b: runs" run 5b-three-keys-copy
ok "5b: a copy of each snapshot, registered" calls "CopySnapshot*3 RegisterImage*1"
for pair in xvda:one sdf:two sdg:three; do
    ok "5b: /dev/${pair%:*} under alias/${pair#*:}" device "/dev/${pair%:*}" yes "alias/${pair#*:}" 1
done
ok "6: runs" run 6-launch
ok "6: launches and ends what it launched" calls "RunInstances*1 TerminateInstances*1"
ok "6: its volume is in use" shows '^vol-[0-9a-f]+ +in-use +us-east-1[a-c]$'
ok "6: its volume is encrypted" shows '^  encrypted +under alias/one \(arn:aws:kms:us-east-1:000000000001:key/'
ok "6: under another key" run 6-launch --key alias/two
ok "7: runs" run 7-share
ok "7: a grant, both permissions, a role, one copy" calls "AssumeRole*1 CopyImage*1 CreateGrant*1 ModifyImageAttribute*1 ModifySnapshotAttribute*1"
ok "7: the copy is under the other account's key" shows 'yes +alias/partner +arn:aws:kms:us-east-1:000000000002:'
ok "8: runs" run 8-retire
ok "8: the older ones go" calls "DeregisterImage*2"
ok "8: the newest three stay" shows 'nightly-3  available'
ok "8: and no more" bash -c "! grep -q nightly-2 '$work/out'"
ok "9: runs" run 9-default-encryption
ok "9: sets both in each region" calls "EnableEbsEncryptionByDefault*2 ModifyEbsDefaultKmsKeyId*2"
ok "9: and shows them read back" shows 'eu-west-1: encryption by default is on, default key arn:aws:kms:eu-west-1:000000000001:key/00000000-0000-4000-8000-000000000004'
ok "10: runs" run 10-disk-image --dir "$work"
ok "10: one upload, registered, copied; the first one is removed" bash -c "sed -E 's/PutSnapshotBlock\*[0-9]+ //' '$work/calls' | grep -qx 'CompleteSnapshot\*1 CopyImage\*1 DeregisterImage\*1 RegisterImage\*1 StartSnapshot\*1'"
ok "10: far less is sent than the disk is large" bash -c "[ \$(sed -E 's/.*PutSnapshotBlock\*([0-9]+).*/\1/' '$work/calls') -lt 100 ]"
ok "10: the copy is under the key" device /dev/xvda yes alias/golden 1
ok "10: its file system is whole" grep -q '^ami-.*: [0-9]*/[0-9]* files' "$work/check"
ok "10: and holds the same files" shows '^the same files: 1[0-9]$'
for script in scripts/*.lua; do
    ok "$script --help tells what it does without doing it" bash -c "'$lunami' run --verbose '$script' --help >'$work/out' 2>'$work/err' && grep -q 'lunami run $script' '$work/out' && ! grep -q ': 200' '$work/err'"
done
echo "1..$n"
