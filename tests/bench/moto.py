"""moto.py PORT: give the moto server there as many images as the furnished account has; prints the id of one."""
import sys

import boto3

ec2 = boto3.client("ec2", endpoint_url="http://127.0.0.1:" + sys.argv[1], region_name="us-east-1", aws_access_key_id="LOCAL000000000001",
                   aws_secret_access_key="local")
for number in range(11):
    image = ec2.register_image(Name=f"image-{number}", RootDeviceName="/dev/xvda",
                               BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 8}}])
print(image["ImageId"])
