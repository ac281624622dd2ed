#!/usr/bin/python3
"""KMS and STS of the served local cloud by boto3: names, kinds, states, lists, errors in AWS's words. TAP."""
import datetime
import os
import re
import sys
import traceback

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

URL = os.environ["LUNAMI_URL"]
count = failed = 0


def cl(service, region="us-east-1", account="000000000001"):
    return boto3.client(service, region_name=region, endpoint_url=URL, aws_access_key_id="LOCAL" + account,
                        aws_secret_access_key="local",
                        config=Config(retries={"max_attempts": 0}, parameter_validation=False))


kms = cl("kms")


def err(fn, **kw):
    try:
        return "OK", fn(**kw), 200
    except ClientError as e:
        return e.response["Error"]["Code"], e.response["Error"]["Message"], e.response["ResponseMetadata"]["HTTPStatusCode"]


def check(name, got, code, pattern):
    global count, failed
    good = got[0] == code and (code == "OK" or (re.search(pattern, got[1]) and got[2] == 400))
    count += 1
    failed += not good
    print("%s %d - %s" % ("ok" if good else "not ok", count, name) + ("" if good else "\n# %s" % (got,)))


def run():
    A="000000000001"
    k=kms.create_key(Description="d"*3000)["KeyMetadata"]
    assert k["EncryptionAlgorithms"] == ["SYMMETRIC_DEFAULT"]
    assert len(kms.describe_key(KeyId=k["KeyId"])["KeyMetadata"]["Description"])==3000
    uid="11111111-2222-4333-8444-555555555555"
    check("uuid",err(kms.describe_key,KeyId=uid),"NotFoundException","^Key 'arn:aws:kms:us-east-1:%s:key/%s' does not exist$"%(A,uid))
    check("bad id",err(kms.describe_key,KeyId="fake"),"NotFoundException","^Invalid keyId 'fake'$")
    check("alias",err(kms.describe_key,KeyId="alias/none"),"NotFoundException","^Alias arn:aws:kms:us-east-1:%s:alias/none is not found.$"%A)
    check("alias arn",err(kms.describe_key,KeyId="arn:aws:kms:us-east-1:%s:alias/none"%A),"NotFoundException","^Alias arn:aws:kms:us-east-1:%s:alias/none is not found.$"%A)
    check("key arn",err(kms.describe_key,KeyId="arn:aws:kms:us-east-1:%s:key/%s"%(A,uid)),"NotFoundException","^Key 'arn:aws:kms:us-east-1:%s:key/%s' does not exist$"%(A,uid))
    check("region",err(kms.describe_key,KeyId="arn:aws:kms:eu-west-1:%s:key/%s"%(A,uid)),"NotFoundException","^Invalid arn eu-west-1$")
    check("account",err(kms.describe_key,KeyId="arn:aws:kms:us-east-1:000000000002:key/%s"%uid),"AccessDeniedException","^User: arn:aws:iam::%s:user/administrator is not authorized to perform: kms:DescribeKey on resource: arn:aws:kms:us-east-1:000000000002:key/%s because"%(A,uid))
    check("s3 arn",err(kms.describe_key,KeyId="arn:aws:s3:us-east-1:%s:key/%s"%(A,k["KeyId"])),"InvalidArnException","")
    check("partition",err(kms.describe_key,KeyId="arn:aws-us-gov:kms:us-east-1:%s:key/%s"%(A,k["KeyId"])),"InvalidArnException","")
    check("empty",err(kms.describe_key,KeyId=""),"ValidationException","")
    check("missing",err(kms.describe_key),"ValidationException","Value null at")
    check("long",err(kms.describe_key,KeyId="x"*3000),"ValidationException","2048")
    check("utf8",err(kms.describe_key,KeyId="x"+"é"*300),"NotFoundException","^Invalid keyId 'xé+'$")
    check("utf8 alias",err(kms.disable_key,KeyId="alias/"+"é"*300),"NotFoundException","^Invalid keyId")
    gov=cl("kms","us-gov-west-1")
    g=gov.create_key()["KeyMetadata"]; assert g["Arn"].startswith("arn:aws-us-gov:kms:us-gov-west-1:"+A)
    check("gov alias",err(gov.describe_key,KeyId="alias/nope"),"NotFoundException","^Alias arn:aws-us-gov:kms:us-gov-west-1:%s:alias/nope is not found.$"%A)
    check("isolation region",err(cl("kms","eu-west-1").describe_key,KeyId=k["KeyId"]),"NotFoundException","does not exist")
    check("isolation account",err(cl("kms",account="000000000002").describe_key,KeyId=k["KeyId"]),"NotFoundException","does not exist")
    # managed key
    e=cl("kms","ap-south-1","000000000009").describe_key(KeyId="alias/aws/ebs")["KeyMetadata"]
    assert e["KeyManager"]=="AWS" and abs((datetime.datetime.now(datetime.timezone.utc)-e["CreationDate"]).total_seconds())<60, e
    k9=cl("kms","ap-south-1","000000000009")
    assert k9.describe_key(KeyId=e["Arn"])["KeyMetadata"]["KeyId"]==e["KeyId"]
    assert [a["AliasName"] for a in k9.list_aliases()["Aliases"]]==["alias/aws/ebs"]
    check("managed disable",err(k9.disable_key,KeyId=e["KeyId"]),"AccessDeniedException","kms:DisableKey")
    check("managed schedule",err(k9.schedule_key_deletion,KeyId=e["KeyId"]),"AccessDeniedException","kms:ScheduleKeyDeletion")
    check("managed alias",err(k9.create_alias,AliasName="alias/x",TargetKeyId=e["KeyId"]),"AccessDeniedException","kms:CreateAlias")
    # create
    for spec,usage,member,n in (("RSA_2048","SIGN_VERIFY","SigningAlgorithms",6),("RSA_4096","ENCRYPT_DECRYPT","EncryptionAlgorithms",2),("ECC_NIST_P384","SIGN_VERIFY","SigningAlgorithms",1),("HMAC_512","GENERATE_VERIFY_MAC","MacAlgorithms",1)):
        m=kms.create_key(KeySpec=spec,KeyUsage=usage)["KeyMetadata"]; assert len(m[member])==n and m["KeySpec"]==spec==m["CustomerMasterKeySpec"], m
    assert kms.create_key(CustomerMasterKeySpec="HMAC_224",KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["MacAlgorithms"]==["HMAC_SHA_224"]
    check("ka",err(kms.create_key,KeySpec="ECC_NIST_P256",KeyUsage="KEY_AGREEMENT"),"OK","")
    check("spec",err(kms.create_key,KeySpec="NOPE"),"ValidationException","keySpec")
    check("usage missing",err(kms.create_key,KeySpec="HMAC_256"),"ValidationException","must specify a KeyUsage")
    check("usage",err(kms.create_key,KeySpec="HMAC_256",KeyUsage="SIGN_VERIFY"),"ValidationException","^KeyUsage SIGN_VERIFY is not compatible with KeySpec HMAC_256$")
    check("usage sym",err(kms.create_key,KeyUsage="SIGN_VERIFY"),"ValidationException","not compatible")
    check("origin",err(kms.create_key,Origin="EXTERNAL"),"UnsupportedOperationException","")
    check("desc",err(kms.create_key,Description="d"*9000),"ValidationException","8192")
    m=kms.create_key(MultiRegion=True)["KeyMetadata"]
    assert re.match(r"^mrk-[0-9a-f]{32}$",m["KeyId"]) and m["MultiRegionConfiguration"]["MultiRegionKeyType"]=="PRIMARY" and m["MultiRegionConfiguration"]["PrimaryKey"]=={"Arn":m["Arn"],"Region":"us-east-1"} and m["MultiRegionConfiguration"]["ReplicaKeys"]==[], m
    assert kms.describe_key(KeyId=m["KeyId"])["KeyMetadata"]["Arn"]==m["Arn"]
    # alias
    check("prefix",err(kms.create_alias,AliasName="golden",TargetKeyId=k["KeyId"]),"ValidationException",'^Alias must start with the prefix "alias/". Please see')
    check("chars",err(kms.create_alias,AliasName="alias/a b",TargetKeyId=k["KeyId"]),"ValidationException","regular expression")
    check("aws",err(kms.create_alias,AliasName="alias/aws/x",TargetKeyId=k["KeyId"]),"InvalidAliasNameException","")
    check("empty name",err(kms.create_alias,AliasName="alias/",TargetKeyId=k["KeyId"]),"InvalidAliasNameException","")
    check("aliasalias",err(kms.create_alias,AliasName="alias/new",TargetKeyId="alias/one"),"ValidationException","^Aliases must refer to keys. Not aliases$")
    check("long alias",err(kms.create_alias,AliasName="alias/"+"x"*251,TargetKeyId=k["KeyId"]),"ValidationException","256")
    check("longest alias",err(kms.create_alias,AliasName="alias/"+"x"*250,TargetKeyId=k["KeyId"]),"OK","")
    assert kms.describe_key(KeyId="alias/"+"x"*250)["KeyMetadata"]["KeyId"]==k["KeyId"]
    check("dup",err(kms.create_alias,AliasName="alias/one",TargetKeyId=k["KeyId"]),"AlreadyExistsException","^An alias with the name arn:aws:kms:us-east-1:%s:alias/one already exists$"%A)
    check("ok",err(kms.create_alias,AliasName="alias/fresh",TargetKeyId=k["Arn"]),"OK","")
    r=[a for a in kms.list_aliases(KeyId=k["Arn"])["Aliases"]]; assert [x["AliasName"] for x in r]==["alias/fresh","alias/"+"x"*250] and r[0]["LastUpdatedDate"] and r[0]["AliasArn"]=="arn:aws:kms:us-east-1:%s:alias/fresh"%A, r
    for f in ("four forms",):
        for t in (k["KeyId"],k["Arn"],"alias/fresh","arn:aws:kms:us-east-1:%s:alias/fresh"%A): assert kms.describe_key(KeyId=t)["KeyMetadata"]["KeyId"]==k["KeyId"]
    # states
    check("disable by alias",err(kms.disable_key,KeyId="alias/fresh"),"NotFoundException","^Invalid keyId 'alias/fresh'$")
    check("disable",err(kms.disable_key,KeyId=k["KeyId"]),"OK","")
    d=kms.describe_key(KeyId=k["KeyId"])["KeyMetadata"]; assert d["KeyState"]=="Disabled" and d["Enabled"] is False
    check("disable again",err(kms.disable_key,KeyId=k["Arn"]),"OK","")
    check("enable",err(kms.enable_key,KeyId=k["Arn"]),"OK","")
    check("cancel not pending",err(kms.cancel_key_deletion,KeyId=k["Arn"]),"KMSInvalidStateException","^%s is not pending deletion.$"%re.escape(k["Arn"]))
    for days in (6,31,0,-1): check("days %d"%days,err(kms.schedule_key_deletion,KeyId=k["KeyId"],PendingWindowInDays=days),"ValidationException","between 7 and 30")
    s=kms.schedule_key_deletion(KeyId=k["KeyId"]); assert s["KeyId"]==k["Arn"] and s["PendingWindowInDays"]==30 and s["KeyState"]=="PendingDeletion", s
    left=s["DeletionDate"]-datetime.datetime.now(datetime.timezone.utc); assert abs(left.total_seconds()-30*86400)<60
    for f in (kms.enable_key,kms.disable_key,kms.schedule_key_deletion): check("pending",err(f,KeyId=k["KeyId"]),"KMSInvalidStateException","^%s is pending deletion.$"%re.escape(k["Arn"]))
    check("pending alias",err(kms.create_alias,AliasName="alias/q",TargetKeyId=k["KeyId"]),"KMSInvalidStateException","pending deletion")
    assert kms.describe_key(KeyId=k["KeyId"])["KeyMetadata"]["DeletionDate"]
    assert kms.cancel_key_deletion(KeyId=k["KeyId"])["KeyId"]==k["Arn"]
    d=kms.describe_key(KeyId=k["KeyId"])["KeyMetadata"]; assert d["KeyState"]=="Disabled" and "DeletionDate" not in d
    # lists
    for lim in (0,-1,101): check("limit %d"%lim,err(kms.list_aliases,Limit=lim),"ValidationException","limit")
    check("limit 1001",err(kms.list_keys,Limit=1001),"ValidationException","limit")
    check("marker",err(kms.list_aliases,Marker="junk"),"InvalidMarkerException","")
    check("marker",err(kms.list_keys,Marker="junk"),"InvalidMarkerException","")
    for op,key in (("list_keys","Keys"),("list_aliases","Aliases")):
        one=[x for p in kms.get_paginator(op).paginate(PaginationConfig={"PageSize":1}) for x in p[key]]
        full=getattr(kms,op)(); assert full["Truncated"] is False and "NextMarker" not in full
        assert one==full[key] and len(one)>5, (len(one),len(full[key]))
    sts=cl("sts","us-gov-west-1","123456789012").get_caller_identity()
    assert sts["Arn"]=="arn:aws-us-gov:iam::123456789012:user/administrator" and len(sts["UserId"])==21 and sts["Account"]=="123456789012", sts
    check("utf8 spec",err(kms.create_key,KeySpec="é"*20),"ValidationException","^1 validation error detected: Value 'é+' at 'keySpec'")
    check("utf8 spec 2",err(kms.create_key,KeySpec="xé"*20),"ValidationException","keySpec")
    check("utf8 usage",err(kms.create_key,KeyUsage="xé"*20),"ValidationException","not compatible")
    check("utf8 alias",err(kms.create_alias,AliasName="alias/"+"é"*300,TargetKeyId="x"),"ValidationException","regular")
    check("utf8 arn",err(kms.describe_key,KeyId="arn:aws:kms:us-east-1:000000000001:key/x"+"é"*300),"NotFoundException","does not exist")
    check("utf8 region",err(kms.describe_key,KeyId="arn:aws:kms:x"+"é"*300+":000000000001:key/x"),"NotFoundException","Invalid arn x")


try:
    run()
    count += 1
    print("ok %d - every answer has the members it should" % count)
except Exception:
    count += 1
    failed += 1
    print("not ok %d - every answer has the members it should\n# %s" % (count, traceback.format_exc().replace("\n", "\n# ")))
print("1..%d" % count)
sys.exit(1 if failed else 0)
